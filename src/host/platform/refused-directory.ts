/** A directory that cannot be used. The message continues a sentence that starts with its name, and includes the remedy. */
export class RefusedDirectory extends Error {
  override readonly name = 'RefusedDirectory';
}
