"use client";
import { Dialog } from "@slipway/ui/dialog";
import Link from "next/link";
import { Fragment } from "react";
import { ShortcutSwitch } from "./shortcut-switch.tsx";
import { keyWords, SHORTCUTS } from "./shortcuts.ts";

/** The help of every page: what the keys do, and how to switch them off. */
export default function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Help" onClose={onClose}>
      <h3 className="mb-2 font-semibold">Keyboard</h3>
      <dl className="mb-4 grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-2 text-sm">
        {SHORTCUTS.map(({ keys, words }) => (
          <Fragment key={words}>
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded border border-outline bg-quiet-soft px-1.5 py-0.5 text-center font-mono text-xs"
                >
                  {keyWords(key)}
                </kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </Fragment>
        ))}
        <dt>
          <kbd className="rounded border border-outline bg-quiet-soft px-1.5 py-0.5 font-mono text-xs">Ctrl Z</kbd>
        </dt>
        <dd>Take back what the last message offers to undo</dd>
      </dl>
      <ShortcutSwitch />
      <h3 className="mt-6 mb-2 font-semibold">More</h3>
      <ul className="grid gap-1 text-sm">
        <li>
          <Link href="/welcome" onClick={onClose} className="rounded text-accent underline underline-offset-4">
            First steps
          </Link>
        </li>
        <li>
          <a href="/api/v1/docs" className="rounded text-accent underline underline-offset-4">
            Reference of the REST API
          </a>
        </li>
        <li>
          What is wrong with the platform says{" "}
          <code className="rounded bg-quiet-soft px-1 py-0.5 font-mono">npx slipway doctor</code>
        </li>
      </ul>
    </Dialog>
  );
}
