/** One thing that was looked at: how it is, in words, and what to do when it is not well. */
export type Finding = { state: "well" | "warning" | "ill"; about: string; words: string; advice?: string };
