import * as z from "zod";
import { type CommandContext, verb } from "./context.ts";

/** `login-link` */
export function loginLinkCommand(context: CommandContext) {
  return verb("login-link", "Make a link that signs a browser in to the console, once", ["login-link"])
    .option(
      "--user <name>",
      "whom it signs in; a user that does not exist yet is created when the link is used",
      "admin",
    )
    .action(async ({ user }: { user: string }) => {
      const { url } = await context.api().call({
        method: "POST",
        path: "/login-links",
        body: { user },
        answer: z.object({ url: z.url() }),
      });
      context.terminal.print(url);
      context.terminal.note(`Open it in a browser on this machine. It signs ${user} in, once.`);
    });
}
