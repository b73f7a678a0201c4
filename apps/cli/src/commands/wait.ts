import { parseDuration, type ResourceView } from "@slipway/contracts";
import type { Clock } from "@slipway/service-kit";
import { Option } from "commander";
import { findTarget, nameOf, readResource, type Target } from "../client/resources.ts";
import { CommandFailure, failure } from "../failure.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";
import { judgeProgress, type Progress, type Wanted } from "./judge-progress.ts";

/** How often an object is read while waiting. */
const POLL_MS = 250;

type Options = { group?: string; for: Wanted; timeout: string };

/** `wait KIND NAME --for live --timeout 60s` */
export function waitCommand(context: CommandContext) {
  return verb("wait <kind> <name>", "Wait until an object is live, stopped or gone", [
    "wait deployment iris --for live --timeout 60s",
    "wait deployment iris --for deleted",
  ])
    .description(
      "Wait until an object is live, stopped or gone. Ends at once, with the reason, when that cannot happen any more.",
    )
    .addOption(new Option("--for <state>", "what to wait for").choices(["live", "stopped", "deleted"]).default("live"))
    .option("--timeout <duration>", "how long at most, such as 30s or 5m", "60s")
    .addOption(groupOption())
    .action(async (kind: string, name: string, options: Options) =>
      wait(context, await findTarget(context.api(), kind, name, options.group), options),
    );
}

async function wait(context: CommandContext, target: Target, options: Options): Promise<void> {
  const { clock, terminal, signal } = context;
  const timeoutMs = parseDuration(options.timeout);
  if (timeoutMs === null) {
    throw failure("bad_value", {
      what: "--timeout",
      given: options.timeout,
      rule: "a duration such as 30s or 5m is allowed",
    });
  }
  const api = context.api();
  const startedMs = clock.monotonicMs();
  const seen: { words: string; uid: string | null } = { words: "", uid: null };
  try {
    while (true) {
      const progress = await lookOnce(() => readResource(api, target), target, options.for, seen);
      if (progress.words !== seen.words) terminal.progress(progress.words);
      seen.words = progress.words;
      if (progress.verdict === "reached") break;
      if (progress.verdict === "failed") {
        throw failure("ended_as_failed", { kind: target.kind, name: target.name, message: progress.words });
      }
      const leftMs = timeoutMs - (clock.monotonicMs() - startedMs);
      if (leftMs <= 0) throw notInTime(target, options, seen.words);
      await clock.sleep(Math.min(POLL_MS, leftMs), signal);
    }
  } finally {
    terminal.endProgress();
  }
  terminal.print(`${nameOf(target)} is ${options.for} after ${elapsed(clock, startedMs)}`);
}

/** One reading. An API that does not answer is no verdict: it may be starting again. */
async function lookOnce(
  read: () => Promise<ResourceView>,
  target: Target,
  wanted: Wanted,
  seen: { uid: string | null },
): Promise<Progress> {
  try {
    const view = await read();
    const isAnother = seen.uid !== null && seen.uid !== view.metadata.uid;
    seen.uid = view.metadata.uid;
    if (wanted === "deleted" && isAnother) return { verdict: "reached", words: "deleted" };
    return judgeProgress(view, wanted);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    if (error.exit === "notFound" && wanted === "deleted") return { verdict: "reached", words: "deleted" };
    if (error.exit === "notFound" && seen.uid !== null) throw failure("was_deleted", target);
    if (error.exit === "unreachable" && seen.uid !== null) return { verdict: "waiting", words: error.message };
    if (error.exit === "failed" && seen.uid !== null) return { verdict: "waiting", words: error.message };
    throw error;
  }
}

function notInTime(target: Target, options: Options, state: string): CommandFailure {
  return failure(
    "not_in_time",
    { kind: target.kind, name: target.name, wanted: options.for, limit: options.timeout, state },
    { check: `See why with: npx slipway explain ${nameOf(target)}` },
  );
}

function elapsed(clock: Clock, sinceMs: number): string {
  return `${((clock.monotonicMs() - sinceMs) / 1000).toFixed(1)} s`;
}
