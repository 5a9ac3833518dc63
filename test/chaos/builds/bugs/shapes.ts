import type { Edit } from '../make-build';

/** A small mistake that somebody could have made, and the invariant that must notice. */
export interface Bug {
  readonly name: string;
  /** The invariant that must be violated, `I1` .. `I19`; others may be as well. */
  readonly caughtBy: string;
  /** What the mistake is, and how it shows. */
  readonly how: string;
  readonly edits: readonly Edit[];
  /** The bug of the list in whose place it stands, where that one's mechanism does not exist in this design. */
  readonly replaces?: string;
  /** Faults without which it does not show, as `kind` or `kind:target`; none = load, acts and answers alone. */
  readonly needs: readonly string[];
}
