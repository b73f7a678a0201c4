import { checkDeployments } from "../doctor/check-deployments.ts";
import { checkPorts, checkRoom, checkVersions } from "../doctor/check-machine.ts";
import { checkApi, checkProcesses, ownPorts } from "../doctor/check-platform.ts";
import type { Finding } from "../doctor/finding.ts";
import { failure } from "../failure.ts";
import type { Colours } from "../terminal/terminal.ts";
import { type CommandContext, verb } from "./context.ts";

/** `doctor` */
export function doctorCommand(context: CommandContext) {
  return verb("doctor", "Look at ports, disk, memory, versions and the platform, and say what is wrong", ["doctor"])
    .description(
      "Look at ports, disk, memory, versions, the platform and its deployments, and say what is wrong. Needs nothing to run; ends with exit code 1 when something needs mending.",
    )
    .action(async () => {
      const { config, terminal, signal } = context;
      const findings: Finding[] = [
        ...(await checkVersions()),
        ...(await checkRoom(config)),
        ...(await checkPorts(config, ownPorts(config))),
        ...checkProcesses(config),
        ...(await checkApi(config, signal)),
        ...(await checkDeployments(config, signal)),
      ];
      const widest = Math.max(...findings.map(({ about }) => about.length));
      for (const { state, about, words, advice } of findings) {
        terminal.print(`${mark(state, terminal.colours)} ${about.padEnd(widest)}  ${words}`);
        if (advice !== undefined) terminal.print(`${" ".repeat(MARK_WIDTH + widest + 2)} ${advice}`);
      }
      const ill = findings.filter(({ state }) => state === "ill").length;
      if (ill > 0) throw failure("ill", { count: ill });
      terminal.print(findings.some(({ state }) => state === "warning") ? "Nothing is broken." : "All is well.");
    });
}

const MARK_WIDTH = 4;

function mark(state: Finding["state"], colours: Colours): string {
  switch (state) {
    case "well":
      return colours.green("ok  ");
    case "warning":
      return colours.yellow("note");
    case "ill":
      return colours.red("BAD ");
    default:
      return state satisfies never;
  }
}
