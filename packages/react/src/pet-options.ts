import type { CalComCustomer, CalComPet } from "@slotwire/client";

/** A pet and whose it is; `pet` is null for a customer who has none. */
export interface PetSelection {
  readonly customer: CalComCustomer;
  readonly pet: CalComPet | null;
}

/** A letter with a stroke is a letter of its own, which no normal form takes apart. */
const stroked: Readonly<Record<string, string>> = { ł: "l", ø: "o", đ: "d" };

/**
 * Who can be chosen: every pet, by the order of the customers, and customers who have none.
 * @param query its words have to be in the names of pet and owner, in breed, e-mail or phone, each
 *   of them somewhere, in any case and with or without accents
 * @param keepFound keeps customers of whom no pet matches: somebody else has found them
 */
export function petOptions(
  customers: readonly CalComCustomer[],
  query: string,
  keepFound = false,
): PetSelection[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return customers.flatMap((customer) => {
    const pets = customer.subjects ?? [];
    const all: PetSelection[] =
      pets.length === 0 ? [{ customer, pet: null }] : pets.map((pet) => ({ customer, pet }));
    const matching = all.filter((option) => {
      const text = textOf(option);
      return words.every((word) => text.includes(word));
    });
    return matching.length === 0 && keepFound ? all : matching;
  });
}

/** A key by which lists tell options apart. */
export const keyOf = ({ customer, pet }: PetSelection): string => `${customer.id} ${pet?.id ?? ""}`;

function textOf({ customer, pet }: PetSelection): string {
  const { name, email, phone } = customer;
  return plain([pet?.name, pet?.breed, name, email, phone].filter(Boolean).join(" "));
}

function plain(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[łøđ]/g, (letter) => stroked[letter] ?? letter);
}
