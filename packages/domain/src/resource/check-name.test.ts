import { expect, test } from "vitest";
import { deployment, domain } from "../testing/domain-fixture.ts";
import { checkName } from "./check-name.ts";
import { deleteResource } from "./delete-resource.ts";

const ref = (name: string, group = "default") => ({ kind: "Deployment", group, name }) as const;

test("a name is free in its own kind and group alone", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  expect(await checkName(ctx, ref("rose"))).toEqual({ isFree: true, problem: null, proposal: null });
  expect(await checkName(ctx, ref("iris", "red"))).toMatchObject({ isFree: true });
  expect(await checkName(ctx, { ...ref("iris"), kind: "Model" })).toMatchObject({ isFree: true });
});

test("a taken name comes with the first number that is free", async () => {
  const { ctx, apply } = await domain();
  for (const name of ["iris", "iris-2", "iris-4"]) await apply(deployment(name));
  expect(await checkName(ctx, ref("iris"))).toEqual({
    isFree: false,
    problem: "There is a deployment named iris already.",
    proposal: "iris-3",
  });
  const long = "a".repeat(63);
  await apply(deployment(long));
  expect(await checkName(ctx, ref(long))).toMatchObject({ proposal: `${"a".repeat(61)}-2` });
});

test("a name that is not allowed says the rule, with what it would be as a name", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("my-model"));
  const found = await checkName(ctx, ref("My Model"));
  expect(found).toMatchObject({ isFree: false, proposal: "my-model-2" });
  expect(found.problem).toContain("must be 1 to 63 lower-case letters");
  expect(await checkName(ctx, ref("花"))).toMatchObject({ isFree: false, proposal: null });
});

test("the name of a deployment that is on its way out is not free yet", async () => {
  const { ctx, apply } = await domain();
  await apply(deployment("iris"));
  await deleteResource(ctx, { ref: ref("iris") });
  expect(await checkName(ctx, ref("iris"))).toMatchObject({
    isFree: false,
    problem: "A deployment named iris is still being deleted.",
  });
});

test("a caller of an endpoint learns of no name", async () => {
  const { ctx } = await domain();
  const client = { ...ctx, actor: { kind: "client", deployment: "iris", client: "app" } } as const;
  await expect(checkName(client, ref("iris"))).rejects.toMatchObject({ code: "auth/forbidden" });
});
