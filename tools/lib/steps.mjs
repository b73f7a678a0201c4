/** A step that failed, with what a person can do about it. */
export class StepError extends Error {
  name = "StepError";

  /** @param {string} message what went wrong @param {string} advice what to try @param {ErrorOptions} [options] */
  constructor(message, advice, options) {
    super(message, options);
    this.advice = advice;
  }
}

/**
 * Does one step and says so, with the time it took; a step that answers "unchanged" was not needed and says nothing.
 * @param {string} title @param {() => Promise<void | "unchanged">} work
 */
export async function step(title, work) {
  const startedMs = performance.now();
  const answer = await work();
  if (answer !== "unchanged") say(`${title} (${seconds(performance.now() - startedMs)})`);
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {number} ms */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Tells an error: a failed step in words, with advice and without a stack. @param {unknown} error */
export function tellError(error) {
  if (error instanceof StepError) process.stderr.write(`\n${error.message}\nWhat to try: ${error.advice}\n`);
  else process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

/** Runs a tool's main function, which answers with the exit code. @param {() => Promise<number>} main */
export async function runTool(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    tellError(error);
    process.exitCode = 1;
  }
}
