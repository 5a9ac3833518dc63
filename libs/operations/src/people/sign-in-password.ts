import { randomBytes } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import { hashPassword } from '../configuration/first-run.js';

let decoy: Promise<string> | undefined;

/**
 * Takes the same time whether or not there is such a user: an unknown one is compared with a hash that nobody's
 * password has. A stored text that is no PHC string counts as wrong.
 */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
  const known = stored?.startsWith('$argon2') === true;
  const matches = await verify(known ? stored : await prepareDecoy(), password);
  return known && matches;
}

/** Made before the first sign-in, so that it does not cost that one twice the time. */
export function prepareDecoy(): Promise<string> {
  decoy ??= hashPassword(randomBytes(24).toString('base64url'));
  return decoy;
}
