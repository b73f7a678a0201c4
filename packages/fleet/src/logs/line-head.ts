/** What our own loggers begin a line with, up to whose it is when that comes next. */
const HEAD =
  /\{"level":"(\w{1,10})","time":"(\d{4}-\d\d-\d\dT\d\d:\d\d):([0-5]\d\.\d{3})Z"(?:,"pid":\d{1,10})?(?:,"hostname":"[^"\\\n]{0,255}")?(?:,"name":"[^"\\\n]{0,255}")?,"model(?:Uid)?":"([^"\\\n]{1,253})"/y;

export type LineHead = { level: string; atMs: number; model: string };

/** Reads the beginnings of lines of one log, most of which were written within the same minute as the one before. */
export class LineHeads {
  #minute = "";
  #minuteMs = Number.NaN;

  /** How severe the line is that begins at a place of a text, when it was written and of which model; null if that is not said at once. */
  read(text: string, start: number): LineHead | null {
    HEAD.lastIndex = start;
    const [, level, minute, seconds, model] = HEAD.exec(text) ?? [];
    if (level === undefined || minute === undefined || model === undefined) return null;
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#minuteMs = Date.parse(`${minute}Z`);
    }
    const atMs = this.#minuteMs + Math.round(Number(seconds) * 1_000);
    return Number.isNaN(atMs) ? null : { level, atMs, model };
  }
}
