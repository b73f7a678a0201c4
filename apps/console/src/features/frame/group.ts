/** The tenant of everything that nobody put into another one, as in packages/contracts; that file would bring zod along. */
export const DEFAULT_GROUP_NAME = "default";
/** In a URL and in the API: the objects of every group that one may see. */
export const EVERY_GROUP = "*";
/** Where a URL says whose objects a page shows. */
export const GROUP_PARAMETER = "group";
