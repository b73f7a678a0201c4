declare module "s3rver" {
  import type { RequestListener } from "node:http";

  /** What is used of the package, which brings no types: a small S3 on a folder. It knows one account, S3RVER with the secret S3RVER. */
  export default class S3rver {
    constructor(options: {
      directory: string;
      silent: boolean;
      vhostBuckets: boolean;
      configureBuckets: { name: string; configs: string[] }[];
    });
    configureBuckets(): Promise<unknown>;
    callback(): RequestListener;
  }
}
