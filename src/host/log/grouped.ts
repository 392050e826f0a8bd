/** `32767` as `32,767`. Without `Intl`, whose tables the executable does not rely on. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
