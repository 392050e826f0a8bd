/** Objects of git. */
export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export function isObjectType(text: string | undefined): text is ObjectType {
  return text === 'commit' || text === 'tree' || text === 'blob' || text === 'tag';
}

/** An object, whole. */
export interface HeldObject {
  readonly type: ObjectType;
  readonly content: Buffer;
}
