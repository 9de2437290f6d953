/**
 * The {@code chaski} command. Each subcommand is a class named after it; options that several share
 * are mixins ({@code ModelOptions}, {@code GenerationArguments}). May import the engine's packages
 * and picocli. Start reading at {@code Main}, then {@code RunCommand}.
 */
package dev.chaski.cli;
