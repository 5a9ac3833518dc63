/**
 * What a person may read, as grants give it: everything, or these sites. Whatever stands outside every site (unknown
 * sites, the product's own faults) is for `all` only. Every read, act, room and export takes this one predicate.
 */
export interface Sight {
  readonly agency: string;
  readonly all: boolean;
  readonly sites: readonly string[];
  /** May see who signed in and was refused: administrators of the whole unit. */
  readonly security: boolean;
}
