/** A start that failed, in words: what happened and what a person can do about it. */
export class PlatformError extends Error {
  override readonly name: string = "PlatformError";
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}
