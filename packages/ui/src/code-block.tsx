/** Text of a machine, as it is; a long one scrolls, by keyboard too. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="max-h-[32rem] overflow-auto rounded-md bg-quiet-soft">
      <pre className="min-w-fit p-3 font-mono text-ink text-xs leading-5">{text}</pre>
    </section>
  );
}
