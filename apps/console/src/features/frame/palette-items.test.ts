import { PENDING_STATUS, type RegisteredModelView, type ResourceView } from "@slipway/contracts";
import { expect, test } from "vitest";
import { whatStillMatches } from "./palette-found.ts";
import { type Known, paletteItems, searchOf } from "./palette-items.ts";

const view = (name: string, spec: Record<string, unknown> = {}, deletedAt: string | null = null): ResourceView => ({
  apiVersion: "slipway.dev/v1",
  kind: "Deployment",
  metadata: {
    ...{ name, group: "growth", uid: name, labels: {}, annotations: {}, generation: 1, version: 1, owner: null },
    ...{ createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z", deletedAt },
  },
  spec,
  status: PENDING_STATUS,
});
const model = (name: string, latestVersion: number | null, group = "growth"): RegisteredModelView => ({
  ...{ name, group, description: "", aliases: {}, latestVersion, versionCount: 1, deployedIn: [] },
  ...{ createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" },
});
const known = (text: string, deployments: ResourceView[] = [], more: Partial<Known> = {}): Known => ({
  ...{ text, group: "growth", pathname: "/deployments", gatewayUrl: "http://gw", groups: [] },
  ...{ deployments, models: [], servers: [], ...more },
});
const words = (from: Known) => paletteItems(from).map((item) => item.words);

test("what is found comes first, with all that can be done with the likeliest", () => {
  const found = words(known("ir", [view("iris"), view("iris-2")]));
  expect(found.slice(0, 3)).toEqual(["iris", "iris-2", "Edit iris"]);
  expect(found).toContain("Stop iris…");
  expect(found).toContain("Copy the URL of iris");
  expect(found.some((line) => line.includes("Scale iris-2"))).toBe(false);
});

test("a verb before a name asks for that alone, of all that the name finds", () => {
  expect(searchOf("stop iri")).toBe("iri");
  expect(words(known("stop iri", [view("iris"), view("iris-2")]))).toEqual(["Stop iris…", "Stop iris-2…"]);
  expect(searchOf("stop")).toBe("stop");
  expect(searchOf(" my model ")).toBe("my model");
});

test("what makes no sense is not offered: stopping what is stopped, starting what runs, changing what goes", () => {
  expect(words(known("start iris", [view("iris")]))).toEqual([]);
  expect(words(known("start iris", [view("iris", { running: false })]))).toEqual(["Start iris"]);
  expect(words(known("stop iris", [view("iris", { running: false })]))).toEqual([]);
  expect(words(known("scale iris", [view("iris", {}, "2026-01-01T00:00:00Z")]))).toEqual([]);
});

test("pages, groups and settings are found by the beginning of their words, and keep the group", () => {
  const pages = paletteItems(known("serv"));
  expect(pages.map(({ words: line, effect }) => [line, effect])).toEqual([
    ["Go to Servers", { do: "go", path: "/servers?group=growth" }],
  ]);
  expect(words(known("theme da"))).toEqual(["Theme: dark"]);
  expect(words(known("group all"))).toEqual(["Switch to group all groups"]);
  expect(words(known("zzz"))).toEqual([]);
});

test("a dialog of a deployment has an address that names its group", () => {
  const [scale] = paletteItems(known("scale iris", [view("iris")]));
  expect(scale?.effect).toEqual({ do: "go", path: "/deployments/iris?group=growth&do=scale" });
});

test("a deployment is edited and a new one made from here, in the group that is shown", () => {
  const effects = (from: Known) => paletteItems(from).map(({ effect }) => effect);
  expect(effects(known("edit iris", [view("iris")]))).toEqual([
    { do: "go", path: "/deployments/iris/edit?group=growth" },
  ]);
  expect(words(known("edit iris", [view("iris", {}, "2026-01-01T00:00:00Z")]))).toEqual([]);
  expect(effects(known("new"))).toEqual([{ do: "go", path: "/deployments/-/new?group=growth" }]);
});

test("what is found stands kind by kind, each section once, before all that can be done with it", () => {
  const found = paletteItems(
    known("iris", [view("iris")], { models: [model("iris-model", 3)], servers: [view("iris-server")] }),
  );
  const sections = found.map(({ section }) => section).filter((section, place, all) => section !== all[place - 1]);
  expect(sections).toEqual(["Deployments", "Models", "Servers", "Do"]);
  const lines = found.map((item) => item.words);
  expect(lines.slice(0, 3)).toEqual(["iris", "iris-model", "iris-server"]);
  expect(lines).toContain("Deploy iris-model version 3");
  expect(lines).toContain("Scale server iris-server…");
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
});

test("a registered model is opened, deployed in its latest version and given another by a verb and its name", () => {
  const lines = (text: string, of: RegisteredModelView) =>
    paletteItems(known(text, [], { models: [of] })).map(({ words: line, hint, effect }) => ({ line, hint, effect }));
  expect(lines("deploy iris", model("iris", 3))).toEqual([
    {
      ...{ line: "Deploy iris version 3", hint: "" },
      effect: { do: "go", path: "/deployments/-/new?group=growth&model=iris&version=3" },
    },
  ]);
  expect(lines("deploy iris", model("iris", null))).toEqual([]);
  expect(lines("upload iris", model("iris", 1, "other"))).toEqual([
    {
      ...{ line: "Upload a version of iris…", hint: "group other" },
      effect: { do: "go", path: "/models/iris?group=other&do=upload" },
    },
  ]);
  expect(lines("open iris", model("iris", 1))[0]?.hint).toBe("version 1");
});

test("a verb is asked of every kind that knows it, and a file is uploaded without any", () => {
  const objects = { models: [model("iris", 1)], servers: [view("onnx")] };
  expect(words(known("scale i", [view("iris")], objects))).toEqual(["Scale iris…", "Scale server onnx…"]);
  expect(words(known("de iris", [view("iris")], objects))).toEqual(["Delete iris…", "Deploy iris version 1"]);
  const [upload] = paletteItems(known("upload"));
  expect(upload?.effect).toEqual({ do: "go", path: "/models?group=growth&do=upload" });
});

test("of what was found for another text only that stays which the new one is part of", () => {
  const found = {
    ...{ deployments: [view("iris"), view("digits")], models: [model("iris", 1)], servers: [], isPart: false },
  };
  expect(whatStillMatches(found, "DIG")).toMatchObject({ deployments: [view("digits")], models: [], servers: [] });
});
