import type { Problem } from "./errors.ts";

/** How many problems of one input are told; the rest is only counted. */
export const MAX_PROBLEMS = 100;
const MAX_FIELD = 256;

/**
 * What is wrong with an input. The first ones are put into words; of the others nothing but their number is kept, so that
 * an input with very many mistakes costs no more than one with some.
 */
export class Problems {
  readonly #told: Problem[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds problems, which are put into words only when they are told. */
  add(...problems: readonly (() => Problem)[]): void {
    for (const problem of problems) {
      if (this.#told.length < MAX_PROBLEMS) this.#told.push(cut(problem()));
      this.#count += 1;
    }
  }

  /** Adds all problems of another list, each as it is to stand here. */
  addAll(other: Problems, change: (problem: Problem) => Problem = (problem) => problem): void {
    const told = other.#told.slice(0, MAX_PROBLEMS - this.#told.length);
    this.#told.push(...told.map((problem) => cut(change(problem))));
    this.#count += other.count;
  }

  /** The problems that are told, and last how many more there are. */
  list(): Problem[] {
    const more = this.#count - this.#told.length;
    if (more === 0) return [...this.#told];
    return [...this.#told, { field: "", message: `has ${more} more problem${more === 1 ? "" : "s"}` }];
  }

  static of(problems: readonly Problem[]): Problems {
    const all = new Problems();
    for (const problem of problems) all.add(() => problem);
    return all;
  }
}

/** A name that goes on and on says no more than its beginning. */
function cut(problem: Problem): Problem {
  return problem.field.length <= MAX_FIELD ? problem : { ...problem, field: `${problem.field.slice(0, MAX_FIELD)}...` };
}
