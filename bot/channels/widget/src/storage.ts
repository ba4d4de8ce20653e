// What a browser keeps, or only this page where it keeps nothing (a private window, a frame without rights).
const inPage = new Map<string, string>();

const at = (session: boolean) => (session ? sessionStorage : localStorage);

export function kept(key: string, session = false): string | null {
  try {
    return at(session).getItem(key) ?? inPage.get(key) ?? null;
  } catch {
    return inPage.get(key) ?? null;
  }
}

export function keep(key: string, value: string | null, session = false): void {
  try {
    if (value === null) at(session).removeItem(key);
    else at(session).setItem(key, value);
    inPage.delete(key);
  } catch {
    if (value === null) inPage.delete(key);
    else inPage.set(key, value);
  }
}
