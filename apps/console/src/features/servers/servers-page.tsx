import { Notice } from "@slipway/ui/notice";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import { DEFAULT_GROUP_NAME } from "../frame/group.ts";
import { readApi } from "../frame/read-api.ts";
import { ServersList } from "./servers-list.tsx";
import { groupsOf, joinParts, SERVERS_MAX, type ServersPart } from "./servers-part.ts";

/** The fleet: reads the servers for the first frame, and leaves what lives to the list itself. */
export async function ServersPage({ group = DEFAULT_GROUP_NAME }: { group?: string | undefined }) {
  const query = (of: string) => ({ group: of, limit: String(SERVERS_MAX) });
  const answers = await Promise.all(groupsOf(group).map((of) => readApi<ServersPart>("/servers", query(of))));
  const refused = answers.find(({ ok }) => !ok);
  return (
    <Frame>
      {refused === undefined ? (
        <TrpcProvider key={group}>
          <ServersList group={group} first={joinParts(answers.flatMap((answer) => (answer.ok ? [answer.body] : [])))} />
        </TrpcProvider>
      ) : (
        <>
          <h1 className="mb-4 font-semibold text-2xl tracking-tight">Servers</h1>
          <Notice tone="warn" title={`The servers of group ${group} cannot be shown.`}>
            <p>
              {!refused.ok && refused.reason === "refused"
                ? refused.words
                : "Ask an administrator of the group for the role of a viewer."}
            </p>
          </Notice>
        </>
      )}
    </Frame>
  );
}
