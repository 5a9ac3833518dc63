import type { Decision, Input } from '../aggregate.js';
import type { Draft, Said } from './draft.js';
import { refuse } from './draft.js';
import type { ReasonCode, ReasonParams } from '../reason.js';
import { because } from '../reason.js';
import type { Reason } from '../words.js';

export type ActInput = Extract<Input, { readonly kind: 'act' }>;

/** An act being done: by whom, for whom, upon what. */
export interface Doing {
  readonly draft: Draft;
  readonly input: ActInput;
  /** Whose act it is: the one on whose behalf it is told, else the actor. A person id. */
  readonly person: string;
  readonly said: (code: ReasonCode, params?: ReasonParams) => Said;
}

/** A reason = done (or already true: then nothing changed); a Decision = refused. */
export type Done = Reason | Decision;

/** An act that is already so is no error and no event (decisions.md section 6). */
export function alreadyTrue(doing: Doing): Reason {
  return because('already-true', { act: doing.input.act.act });
}

export function illegal(doing: Doing): Decision {
  return refuse(
    'illegal-move',
    because('illegal-move', { act: doing.input.act.act, state: doing.draft.incident.state }),
  );
}
