/**
 * What every reader of model files shares: the two ways a file can be refused ({@link
 * dev.chaski.format.ModelFormatException} for a broken one, {@link
 * dev.chaski.format.UnsupportedModelException} for a sound one that is not for us), the owner of a
 * mapping, and the way to quote text of an untrusted file.
 *
 * <p>Imports nothing of ours. Start reading at {@link dev.chaski.format.MappedFile}.
 */
package dev.chaski.format;
