import { fieldChange, MANIFEST_MAX_DOCUMENTS, resourceView, revisionSource } from "@slipway/contracts";
import {
  applyManifests,
  checkName,
  deleteResource,
  getResource,
  labelResource,
  listResources,
  preflight,
  scaleResource,
  setRunning,
} from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { cursorInput, signedPage } from "./cursors.ts";
import {
  expectedInput,
  expectedOf,
  groupInput,
  INT4_MAX,
  kindOf,
  kindWord,
  labelInput,
  messageInput,
  refInput,
  refOf,
} from "./inputs.ts";
import { parseLabels } from "./labels.ts";

const change = z.enum(["created", "updated", "retried", "unchanged"]);
const applied = z.object({ results: z.array(z.object({ resource: resourceView, change })) });
const position = z.object({ line: z.int(), column: z.int() });
const checked = z.object({
  problems: z.array(
    z.object({
      field: z.string(),
      message: z.string(),
      position: position.nullable().describe("Where in the text; null for what stands at no place of it"),
    }),
  ),
  changes: z.array(
    z.object({
      kind: z.string(),
      group: z.string(),
      name: z.string(),
      change,
      fields: z
        .array(fieldChange)
        .describe("What changes, and what that does to what runs; none for one to be created"),
      isMessageRequired: z.boolean().describe("An apply from here must say why"),
    }),
  ),
});

const sourceInput = revisionSource
  .exclude(["rollback", "controller"])
  .exactOptional()
  .describe("Where the change comes from");
const seenInput = z
  .array(
    z
      .strictObject({
        uid: z.string().max(63).exactOptional().describe("Uid last read"),
        version: z
          .int()
          .min(0)
          .max(INT4_MAX)
          .exactOptional()
          .describe("Version last read; 0 = there was none by that name"),
      })
      .nullable(),
  )
  .max(MANIFEST_MAX_DOCUMENTS)
  .exactOptional()
  .describe(
    "What was last seen of each document's resource, in their order; another state is a 409. null = whatever it is",
  );

/** Desired state: one set of procedures for every kind. */
export const resourceRouter = router({
  applyManifests: procedure
    .meta({ openapi: { method: "POST", path: "/apply", summary: "Make resources as manifests say, all or none" } })
    .input(
      messageInput.extend({
        manifest: z.string().describe("One or more YAML or JSON documents"),
        expected: seenInput,
        source: sourceInput,
        dryRun: z.boolean().exactOptional().describe("Check, and say what would change, without writing"),
      }),
    )
    .output(applied)
    .mutation(async ({ ctx, input, signal }) => {
      const { results } = await applyManifests(ctx, { ...input, source: input.source ?? ctx.source }, signal);
      return { results };
    }),

  preflight: procedure
    .meta({ openapi: { method: "POST", path: "/preflight", summary: "All problems of manifests, without writing" } })
    .input(z.strictObject({ manifest: z.string(), expected: seenInput, source: sourceInput }))
    .output(checked)
    .mutation(async ({ ctx, input, signal }) => {
      const { problems, changes } = await preflight(ctx, { ...input, source: input.source ?? ctx.source }, signal);
      return { problems: problems.map((problem) => ({ position: null, ...problem })), changes };
    }),

  checkName: procedure
    .meta({
      openapi: { method: "GET", path: "/names/{kind}/{name}", summary: "Whether a name is free, or one that is" },
    })
    .input(refInput.extend({ name: z.string().min(1).max(127).describe("Any text; why it is no name is answered") }))
    .output(
      z.object({
        isFree: z.boolean(),
        problem: z.string().nullable().describe("Why it cannot be used; null when it can"),
        proposal: z.string().nullable().describe("One that can be used instead"),
      }),
    )
    .query(({ ctx, input }) => checkName(ctx, refOf(input))),

  list: procedure
    .meta({ openapi: { method: "GET", path: "/{kind}", summary: "List resources of a kind, page by page" } })
    .input(
      z.strictObject({
        kind: kindWord,
        group: z.union([groupInput, z.literal("*")]).describe("The tenant; * = all that you may see"),
        labels: z.string().max(2_000).exactOptional().describe("team=growth,stage=test: all of these"),
        search: z.string().max(200).exactOptional().describe("Part of the name or title"),
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
        after: cursorInput,
      }),
    )
    .output(z.object({ items: z.array(resourceView), next: z.string().nullable() }))
    .query(({ ctx, input: { kind, labels, after, ...input } }) =>
      signedPage(ctx, { list: `resource.list ${kindOf(kind)}`, after }, (place) =>
        listResources(ctx, {
          ...input,
          ...place,
          kind: kindOf(kind),
          ...(labels === undefined ? {} : { labels: parseLabels(labels) }),
        }),
      ),
    ),

  get: procedure
    .meta({ openapi: { method: "GET", path: "/{kind}/{name}", summary: "Read one resource" } })
    .input(refInput)
    .output(resourceView)
    .query(({ ctx, input }) => getResource(ctx, refOf(input))),

  delete: procedure
    .meta({ openapi: { method: "DELETE", path: "/{kind}/{name}", summary: "Delete a resource" } })
    .input(refInput.extend(expectedInput.shape).extend(messageInput.shape))
    .output(resourceView)
    .mutation(({ ctx, input: { message, ...input } }) =>
      deleteResource(ctx, {
        ref: refOf(input),
        expected: expectedOf(input),
        ...(message === undefined ? {} : { message }),
      }),
    ),

  scale: procedure
    .meta({
      openapi: { method: "POST", path: "/{kind}/{name}/scale", summary: "Set how many replicas there should be" },
    })
    .input(
      refInput
        .extend(expectedInput.shape)
        .extend(messageInput.shape)
        .extend({ replicas: z.coerce.number().int().min(0).max(1_000) }),
    )
    .output(resourceView)
    .mutation(({ ctx, input: { replicas, message, ...input } }) =>
      scaleResource(ctx, {
        ref: refOf(input),
        replicas,
        expected: expectedOf(input),
        source: ctx.source,
        ...(message === undefined ? {} : { message }),
      }),
    ),

  label: procedure
    .meta({ openapi: { method: "POST", path: "/{kind}/{name}/labels", summary: "Give or take away labels" } })
    .input(refInput.extend(expectedInput.shape).extend(messageInput.shape).extend(labelInput.shape))
    .output(resourceView)
    .mutation(({ ctx, input: { set, remove, message, ...input } }) =>
      labelResource(ctx, {
        ref: refOf(input),
        set,
        remove,
        expected: expectedOf(input),
        ...(message === undefined ? {} : { message }),
      }),
    ),

  stop: runningProcedure("stop", false),
  start: runningProcedure("start", true),
});

function runningProcedure(verb: "start" | "stop", running: boolean) {
  const summary = running ? "Start a stopped deployment" : "Stop a deployment; its memory is free then";
  return procedure
    .meta({ openapi: { method: "POST", path: `/{kind}/{name}/${verb}`, summary } })
    .input(refInput.extend(expectedInput.shape).extend(messageInput.shape))
    .output(resourceView)
    .mutation(({ ctx, input: { message, ...input } }) =>
      setRunning(ctx, {
        ref: refOf(input),
        running,
        expected: expectedOf(input),
        source: ctx.source,
        ...(message === undefined ? {} : { message }),
      }),
    );
}
