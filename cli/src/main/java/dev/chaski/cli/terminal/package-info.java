/**
 * Standard streams and what is shown on them: the answer on stdout, all else on stderr. Imports
 * only statistics of the engine. Start reading at {@link dev.chaski.cli.terminal.Console}.
 */
package dev.chaski.cli.terminal;
