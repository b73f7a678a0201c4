import { Button } from "@slipway/ui/button";

/** Ends the session of this browser; a form, so that it needs no script. */
export function SignOutButton() {
  return (
    <form action="/sign-out" method="post">
      <Button type="submit" look="quiet">
        Sign out
      </Button>
    </form>
  );
}
