/**
 * Chaski as a library: open a model with {@link dev.chaski.Chaski}, talk to it through a {@link
 * dev.chaski.ChatSession}. Imports everything else; nothing else imports it.
 */
package dev.chaski;
