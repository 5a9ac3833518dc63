import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigIssue } from './read-config-yaml.js';

export interface ConfigFile {
  /** Path in the folder, with `/`. */
  readonly path: string;
  readonly bytes: Buffer;
}
export interface ConfigFolder {
  readonly files: readonly ConfigFile[];
  /** SHA-256 over paths and contents: moves whenever a file of the folder does. */
  readonly hash: Buffer;
  readonly issues: readonly ConfigIssue[];
}

/** A province of 1,000 sites is 0.5 MB of YAML; what is beyond these is not a configuration. */
const maxFileBytes = 1 << 20;
const maxFolderBytes = 8 << 20;
const maxFiles = 500;
const maxDepth = 4;

/**
 * Every *.yaml and *.yml of the folder and its subfolders, in the order of their paths; names with a dot in front are
 * left out. Links are followed (Kubernetes mounts files so). No such folder is an issue like any other.
 */
export function readConfigFolder(dir: string): ConfigFolder {
  const issues: ConfigIssue[] = [];
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    return {
      files: [],
      hash: hashOf([]),
      issues: [{ file: dir, line: 1, field: '', message: 'there is no such folder' }],
    };
  }
  const files: ConfigFile[] = [];
  let total = 0;
  for (const path of listFiles(dir, '', 0)) {
    const refuse = (message: string) => issues.push({ file: path, line: 1, field: '', message });
    const size = statSync(join(dir, path)).size;
    total += size;
    if (size > maxFileBytes) refuse(`has ${size} bytes; a file may have ${maxFileBytes}`);
    else if (total > maxFolderBytes) refuse(`the folder has more than ${maxFolderBytes} bytes`);
    else if (files.length >= maxFiles) refuse(`the folder has more than ${maxFiles} files`);
    else files.push({ path, bytes: readFileSync(join(dir, path)) });
  }
  return { files, hash: hashOf(files), issues };
}

/** The text of a file, or undefined when it is not UTF-8. A byte order mark is dropped. */
export function textOf({ bytes }: ConfigFile): string | undefined {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : undefined;
}

function listFiles(dir: string, under: string, depth: number): string[] {
  const found: string[] = [];
  for (const name of readdirSync(join(dir, under)).sort()) {
    const path = under === '' ? name : `${under}/${name}`;
    const stat = name.startsWith('.') ? undefined : statSync(join(dir, path), { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.isDirectory() && depth < maxDepth) found.push(...listFiles(dir, path, depth + 1));
    else if (stat.isFile() && /\.ya?ml$/i.test(name)) found.push(path);
  }
  return found;
}

function hashOf(files: readonly ConfigFile[]): Buffer {
  const hash = createHash('sha256');
  for (const { path, bytes } of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest();
}
