import { SAVED_VIEWS_LIMIT } from "@slipway/contracts";
import { expect, test } from "vitest";
import { domain } from "../testing/domain-fixture.ts";
import { dropView } from "./drop-view.ts";
import { keepView } from "./keep-view.ts";
import { listSavedViews } from "./list-saved-views.ts";

const page = "deployments";

test("everybody has All and Needs attention; what one keeps, no other person sees or removes", async () => {
  const { ctx } = await domain();
  const ada = { ...ctx, actor: { kind: "user" as const, id: "ada" } };
  const kept = await keepView(ada, { page, name: " Mine ", query: "labels=team%3Dgrowth" });
  const names = async (on: typeof ctx) => (await listSavedViews(on, { page })).map(({ name }) => name);
  expect(await names(ada)).toEqual(["All", "Needs attention", "Mine"]);
  expect(await names(ctx)).toEqual(["All", "Needs attention"]);
  await expect(dropView(ctx, { id: kept.id ?? "" })).rejects.toMatchObject({ code: "view/not_found" });
  expect(await dropView(ada, { id: kept.id ?? "" })).toEqual(kept);
  expect(await names(ada)).toEqual(["All", "Needs attention"]);
});

test("keeping a view under a name again replaces it; the names that everybody has cannot be taken", async () => {
  const { ctx } = await domain();
  const first = await keepView(ctx, { page, name: "Mine", query: "sort=name" });
  const second = await keepView(ctx, { page, name: "Mine", query: "sort=-name" });
  expect(second).toEqual({ ...first, query: "sort=-name" });
  await expect(keepView(ctx, { page, name: "all", query: "" })).rejects.toMatchObject({ code: "view/name_taken" });
  await expect(keepView(ctx, { page, name: " ", query: "" })).rejects.toThrow("must not be empty");
});

test("no more than the limit is kept, even when many come at once", async () => {
  const { ctx, count } = await domain();
  const names = Array.from({ length: SAVED_VIEWS_LIMIT + 4 }, (_, n) => `view ${n}`);
  const kept = await Promise.allSettled(names.map((name) => keepView(ctx, { page, name, query: "" })));
  expect(kept.filter(({ status }) => status === "rejected")).toHaveLength(4);
  expect(await count("saved_view")).toBe(SAVED_VIEWS_LIMIT);
});

test("who has no right is refused", async () => {
  const { ctx } = await domain();
  const client = { ...ctx, actor: { kind: "client" as const, deployment: "iris", client: "app" } };
  await expect(listSavedViews(client, { page })).rejects.toMatchObject({ code: "auth/forbidden" });
  await expect(keepView(client, { page, name: "x", query: "" })).rejects.toMatchObject({ code: "auth/forbidden" });
});
