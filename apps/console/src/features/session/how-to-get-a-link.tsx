/** The way in for whoever has neither password nor passkey: what a terminal of the platform's machine says. */
export function HowToGetALink() {
  return (
    <p>
      Run <code className="rounded bg-quiet-soft px-1 py-0.5 font-mono text-sm">npx slipway login-link</code> where
      Slipway runs, and open what it prints.
    </p>
  );
}
