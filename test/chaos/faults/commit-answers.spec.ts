import { watchCommits } from './commit-answers';

const message = (type: string, body: string | Buffer): Buffer => {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + bytes.length);
  return Buffer.concat([Buffer.from(type), length, bytes]);
};
const complete = (tag: string): Buffer => message('C', `${tag}\0`);
const ready = message('Z', 'I');
/** A row whose text looks like an answer to a COMMIT. */
const row = message('D', Buffer.concat([Buffer.alloc(6), complete('COMMIT')]));

/** What passes of a stream in chunks of `size`, when the answer number `drop` is dropped; and how many were asked for. */
function passed(stream: Buffer, size: number, drop: number): { bytes: Buffer; asked: number } {
  const watch = watchCommits();
  const chunks: Buffer[] = [];
  let asked = 0;
  for (let at = 0; at < stream.length; at += size) {
    const chunk = stream.subarray(at, at + size);
    const kept = watch(chunk, () => ++asked === drop);
    chunks.push(chunk.subarray(0, kept ?? chunk.length));
    if (kept !== null) break;
  }
  return { bytes: Buffer.concat(chunks), asked };
}

const once = [complete('BEGIN'), message('T', 'columns'), row, complete('SELECT 1'), complete('COMMIT'), ready];
const stream = Buffer.concat([...once, ...once, complete('ROLLBACK'), ready]);
const sizes = [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 17, stream.length];

it('finds each answer to a COMMIT, and nothing else, however the stream is cut', () => {
  for (const size of sizes) {
    expect(passed(stream, size, 0)).toEqual({ bytes: stream, asked: 2 });
  }
});

it('lets everything before the dropped answer pass, and no whole answer', () => {
  const before = (n: number): number => Buffer.concat(Array(n).fill(Buffer.concat(once))).length;
  const to = Buffer.concat(once.slice(0, 4)).length;
  for (const size of sizes) {
    for (const drop of [1, 2]) {
      const { length } = passed(stream, size, drop).bytes;
      const at = before(drop - 1) + to;
      expect(length).toBeGreaterThanOrEqual(at);
      expect(length).toBeLessThan(at + complete('COMMIT').length);
    }
  }
});
