import { SlipwayError } from "@slipway/contracts";

/**
 * Labels of a query such as `team=growth,stage=test`.
 * @throws request/invalid naming the part that is none
 */
export function parseLabels(text: string): Record<string, string> {
  const parts = text.split(",").filter((part) => part.trim() !== "");
  return Object.fromEntries(
    parts.map((part) => {
      const separator = part.indexOf("=");
      if (separator < 1) {
        throw new SlipwayError(
          "request/invalid",
          { problem: `labels: "${part}" must be name=value.` },
          { field: "labels" },
        );
      }
      return [part.slice(0, separator).trim(), part.slice(separator + 1).trim()];
    }),
  );
}
