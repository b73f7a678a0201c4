import { expect, test } from "vitest";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { listGroups } from "./list-groups.ts";

test("a group exists as soon as something is in it, and counts what people put there", async () => {
  const { ctx, apply } = await domain();
  expect(await listGroups(ctx)).toEqual({ items: [] });
  await apply(deployment("iris"));
  await apply(deployment("iris", { group: "growth" }));
  await apply(deployment("churn", { group: "growth" }));
  expect(await listGroups(ctx)).toEqual({
    items: [
      { name: "default", deployments: 1, models: 0, servers: 0 },
      { name: "growth", deployments: 2, models: 0, servers: 0 },
    ],
  });
});

test("a caller of an endpoint may not see which groups there are", async () => {
  const { ctx } = await domain();
  const actor = { kind: "client", deployment: "iris", client: "shop" } as const;
  await expect(listGroups({ ...ctx, actor })).rejects.toMatchObject({ code: "auth/forbidden" });
});
