import { expect, test } from "vitest";
import { browserWords } from "./browser-words.ts";

test("a browser is told by what only it says, and its system beside it", () => {
  const chrome =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  expect(browserWords(chrome)).toBe("Chrome on Linux");
  expect(browserWords(`${chrome} Edg/140.0`)).toBe("Edge on Linux");
  expect(browserWords("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1")).toBe(
    "Safari on iOS",
  );
  expect(browserWords("curl/8.0")).toBe("A browser");
  expect(browserWords(null)).toBe("A browser");
});
