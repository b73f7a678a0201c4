import * as z from "zod";

/** How many views a person may keep of one page. */
export const SAVED_VIEWS_LIMIT = 50;

export const savedViewPage = z.enum(["deployments"]);
export type SavedViewPage = z.infer<typeof savedViewPage>;

export const savedViewName = z.string().trim().min(1, "must not be empty").max(60, "must be at most 60 characters");
export const savedViewQuery = z.string().max(2_000, "must be at most 2000 characters");

/** A list as somebody likes to see it: filters, sort and columns, as the address of its page says them. */
export const savedView = z.object({
  /** Null for those that everybody has. */
  id: z.string().nullable(),
  name: z.string(),
  /** The query part of the address, without the question mark. */
  query: z.string(),
});
export type SavedView = z.output<typeof savedView>;

/** The views that everybody has, before one's own. */
export const BUILT_IN_VIEWS: { readonly [Page in SavedViewPage]: readonly SavedView[] } = {
  deployments: [
    { id: null, name: "All", query: "" },
    { id: null, name: "Needs attention", query: "attention=any" },
  ],
};
