/** class-transformer keeps its metadata here and gives no type for the path (its `types/storage` describes the same object). */
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage.js';
}
