/** A plan of windows and buckets: `teddy-plan.ts` makes one, `teddy-layout.ts` lays it out in memory. */

export interface Window {
  /** 0 to 7 belong to the first group. */
  readonly bucket: number;
  /** Offset of the window's first byte in the word. Negative when the word is shorter: any bytes may precede it. */
  readonly start: number;
}

/** How many look-ups a kernel makes for each byte. */
export interface Shape {
  /** Bytes of a window, 2 to 4. */
  readonly width: number;
  /** Groups of eight buckets. */
  readonly groups: number;
}

export interface Plan extends Shape {
  /** By word. */
  readonly windows: readonly Window[];
}

/** A stored plan: windows as `[bucket, start]`, by `wordKey`. */
export interface KeptPlan extends Shape {
  readonly windows: Readonly<Record<string, readonly [bucket: number, start: number]>>;
}
