import { defaultMetadataStorage } from '../alerts/class-transformer-storage.js';

/** Which class stands in a nested field, as `@Type` says: what the document builder asks. */
export const nestedClasses: unknown = defaultMetadataStorage;
