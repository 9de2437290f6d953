/**
 * Tools of {@code chaski chat}: the file that describes them, and the commands that they run.
 * Imports the engine. Start reading at {@link dev.chaski.cli.tool.CommandTool}.
 */
package dev.chaski.cli.tool;
