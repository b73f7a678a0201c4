import type { AccountView as Account } from "@slipway/contracts";
import { Notice } from "@slipway/ui/notice";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import { readApi } from "../frame/read-api.ts";
import { AccountView } from "./account-view.tsx";

/** How one signs in: password, passkeys, and the browsers that are signed in. */
export async function AccountPage() {
  const answer = await readApi<Account>("/account", {});
  return (
    <Frame>
      {answer.ok ? (
        <TrpcProvider>
          <AccountView first={answer.body} nowMs={Date.now()} />
        </TrpcProvider>
      ) : (
        <Notice tone="warn" title="This session has no account.">
          <p>Sign out, and sign in by a link of your own.</p>
        </Notice>
      )}
    </Frame>
  );
}
