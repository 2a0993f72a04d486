export type Place = { readonly latitude: number; readonly longitude: number };

export type Found = Place & { readonly accuracyM: number };

/** A door's position an hour ago proves nothing; that of a minute ago saves waiting for satellites again. */
const freshMs = 60_000;

/** Where the phone is; null: it does not know within the time, or must not tell. */
export function whereAmI(withinMs: number): Promise<Found | null> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ latitude: coords.latitude, longitude: coords.longitude, accuracyM: Math.round(coords.accuracy) }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: withinMs, maximumAge: freshMs },
    );
  });
}

/** The place for a deed that goes on without one. */
export async function placeIfAny(): Promise<Partial<Place>> {
  const found = await whereAmI(4_000);
  return found ? { latitude: found.latitude, longitude: found.longitude } : {};
}
