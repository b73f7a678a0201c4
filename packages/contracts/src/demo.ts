/** Why a new platform deploys its demos, in their history; by it they are told from what people deploy. */
export const DEMO_MESSAGE = "A demo of the first start";
