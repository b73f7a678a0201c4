import { SlipwayError } from "@slipway/contracts";
import { shorten } from "./shorten.ts";
import { isText, type TensorData } from "./tensor.ts";

/**
 * Refuses texts that would reach the model as other ones: the runtime's binding ends a text at NUL, and half of a
 * surrogate pair, which JSON can write and UTF-8 cannot, becomes the replacement character. For what is asked alone: an
 * answer may hold NUL, which the binding carries out whole.
 * @throws SlipwayError tensor/value
 */
export function checkTexts(data: TensorData, input: string, field: string): void {
  if (!isText(data)) return;
  for (let index = 0; index < data.length; index += 1) {
    const text = data[index];
    if (text === undefined || (!text.includes("\0") && text.isWellFormed())) continue;
    const expected = text.includes("\0")
      ? "a text without the character NUL (U+0000)"
      : "a text without half of a surrogate pair (U+D800 to U+DFFF)";
    throw new SlipwayError(
      "tensor/value",
      { input, index, given: shorten(JSON.stringify(text)), expected },
      { field: `${field}.${index}` },
    );
  }
}
