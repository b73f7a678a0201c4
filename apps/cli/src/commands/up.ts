import { ConfigError } from "@slipway/service-kit";
import { CommandFailure } from "../failure.ts";
import { type CommandContext, verb } from "./context.ts";

/** `up` */
export function upCommand(context: CommandContext) {
  return verb("up", "Run the platform on this machine, as npm start does, until it is interrupted", ["up"]).action(
    async () => {
      // Loaded here alone: no other verb needs what a start needs.
      const { PlatformError, runUp } = await import("@slipway/platform");
      const { env, workingDir, signal, terminal } = context;
      terminal.outliveOutput();
      try {
        await runUp({ env, workingDir, signal, write: terminal.print });
      } catch (error) {
        if (error instanceof PlatformError) {
          throw new CommandFailure(error.message, { exit: "failed", check: `What to try: ${error.advice}` });
        }
        if (error instanceof ConfigError) throw new CommandFailure(error.message, { exit: "badInput" });
        throw error;
      }
    },
  );
}
