import { expect, test } from "vitest";
import { setCell } from "./tensor-form.ts";
import {
  ATTEMPTS_LIMIT,
  addAttempt,
  beginTrial,
  changeJson,
  changeTensor,
  meetModel,
  returnTo,
  switchMode,
  type Trial,
  textOf,
} from "./trial.ts";

const SIGNATURE = { inputs: [{ name: "input", datatype: "FP32", shape: [-1, 2] }], outputs: [] };
const SAMPLE = '{"inputs":[{"name":"input","datatype":"FP32","shape":[1,2],"data":[1,2]}]}';
const failure = { code: "", words: "Slipway does not answer.", check: "", problems: [] };

function typeInto(trial: Trial, typed: string): Trial {
  const tensor = trial.form?.tensors[0];
  if (tensor === undefined) throw new Error("no form");
  return changeTensor(trial, setCell(tensor, 0, 0, typed));
}
const sent = (trial: Trial): unknown => {
  const text = textOf(trial);
  return text.ok ? JSON.parse(text.text).inputs[0].data : text;
};

test("it begins with the sample in the form, and with JSON where there is no signature", () => {
  const trial = beginTrial(SIGNATURE, SAMPLE);
  expect(trial).toMatchObject({ mode: "form", form: { tensors: [{ rows: [["1", "2"]] }] } });
  expect(sent(trial)).toEqual([1, 2]);
  expect(beginTrial(null, undefined)).toMatchObject({ mode: "json", form: null });
});

test("what is typed in the form is in the JSON after a switch, and the other way round", () => {
  const inJson = switchMode(typeInto(beginTrial(SIGNATURE, SAMPLE), "7.50"), "json");
  expect(inJson.json).toContain("[7.50, 2]");
  const typed = changeJson(inJson, inJson.json.replace("7.50", "8").replace("{", '{ "id": "mine",'));
  const inForm = switchMode(typed, "form");
  expect(inForm.form?.tensors[0]?.rows).toEqual([["8", "2"]]);
  expect(switchMode(inForm, "json").json).toBe(typed.json);
  const back = switchMode(typeInto(inForm, "9"), "json");
  expect(JSON.parse(back.json)).toMatchObject({ id: "mine", inputs: [{ data: [9, 2] }] });
});

test("nothing typed is lost by a switch that cannot carry it over", () => {
  const broken = changeJson(switchMode(beginTrial(SIGNATURE, SAMPLE), "json"), '{ "inputs": [');
  const inForm = switchMode(broken, "form");
  expect(inForm.note).toContain("not valid");
  expect(switchMode(inForm, "json").json).toBe('{ "inputs": [');
  const unfinished = switchMode(typeInto(beginTrial(SIGNATURE, SAMPLE), "x"), "json");
  expect(unfinished.note).not.toBe("");
  expect(switchMode(unfinished, "form").form?.tensors[0]?.rows).toEqual([["x", "2"]]);
});

test("what is looked at is what is sent", () => {
  const typed = changeJson(switchMode(beginTrial(SIGNATURE, SAMPLE), "json"), '{"inputs":[{"name":"other"}]}');
  expect(textOf(typed)).toMatchObject({ ok: true, text: '{"inputs":[{"name":"other"}]}' });
  const inForm = switchMode(typed, "form");
  expect(inForm.note).toContain("input other");
  expect(textOf(inForm)).toMatchObject({ ok: false, problems: [{ tensor: "input" }, { tensor: "input" }] });
});

test("a sample that comes late fills what nobody touched, and never what somebody typed", () => {
  const early = beginTrial(null, undefined);
  expect(meetModel(early, SIGNATURE, SAMPLE)).toMatchObject({ mode: "form", isTouched: false });
  const typed = changeJson(early, '{"mine":1}');
  expect(meetModel(typed, SIGNATURE, SAMPLE)).toMatchObject({ mode: "json", json: '{"mine":1}' });
  const inForm = typeInto(beginTrial(SIGNATURE, SAMPLE), "5");
  const other = { inputs: [{ name: "other", datatype: "FP32", shape: [-1] }], outputs: [] };
  expect(meetModel(inForm, other, undefined).json).toContain("[5, 2]");
});

test("the last tries can be gone back to, and no more than ten are kept", () => {
  let trial = beginTrial(SIGNATURE, SAMPLE);
  for (let turn = 1; turn <= ATTEMPTS_LIMIT + 2; turn += 1) {
    trial = typeInto(trial, String(turn));
    const text = textOf(trial);
    trial = addAttempt(trial, { atMs: turn, body: text.ok ? text.text : "", outcome: { kind: "failure", failure } });
  }
  expect(trial.attempts).toHaveLength(ATTEMPTS_LIMIT);
  const oldest = trial.attempts.at(-1);
  const back = returnTo(trial, oldest?.id ?? 0);
  expect(back.shownId).toBe(oldest?.id);
  expect(back.mode).toBe("form");
  expect(sent(back)).toEqual([3, 2]);
});

test("a body that is no JSON is not sent; its line is told", () => {
  const trial = changeJson(switchMode(beginTrial(SIGNATURE, SAMPLE), "json"), "{\n  x\n}");
  expect(textOf(trial)).toMatchObject({ ok: false, jsonProblem: { line: 2, column: 3 } });
});
