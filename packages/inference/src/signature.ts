import * as z from "zod";
import { DATATYPES } from "./datatype.ts";

/** One input or output of a model. */
export const tensorSpec = z.object({
  name: z.string(),
  datatype: z.enum(DATATYPES),
  /** -1 = any size. */
  shape: z.array(z.int().min(-1)),
  /** The model takes any number of dimensions; `shape` then says nothing. */
  anyRank: z.boolean().optional(),
});
export type TensorSpec = z.output<typeof tensorSpec>;

/** What a model takes and gives. */
export const signature = z.object({ inputs: z.array(tensorSpec), outputs: z.array(tensorSpec) });
export type Signature = z.output<typeof signature> & {
  /** Inputs that keep the value which the model's file gives them; told nobody, but by the error of who gives one. */
  fixed?: readonly string[];
};

/** The protocol's answer to a request for a model's metadata. */
export const modelMetadata = signature.extend({
  name: z.string(),
  versions: z.array(z.string()).optional(),
  platform: z.string(),
});
export type ModelMetadata = z.output<typeof modelMetadata>;
