package dev.chaski.grammar;

/**
 * A rule of a grammar.
 *
 * @param name for messages; need not be unique
 * @param body what it stands for
 */
record Rule(String name, Expression body) {}
