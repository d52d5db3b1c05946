/** Who works at the demo salon, what it offers, and who comes. All of them are made up. */

export interface Groomer {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly username: string;
}

export interface Service {
  /** Cal.com's id of the event type. */
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly minutes: number;
  /** The salon looks at every request before it takes it. */
  readonly needsApproval: boolean;
}

export interface PetOwner {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly locale: string;
  readonly pet: string;
  readonly breed: string;
}

export const groomers: readonly Groomer[] = [
  { id: 11, name: "Elin Lindqvist", email: "elin@fluffypaws.example.com", username: "elin" },
  { id: 12, name: "Marek Zieliński", email: "marek@fluffypaws.example.com", username: "marek" },
  { id: 13, name: "Freja Holm", email: "freja@fluffypaws.example.com", username: "freja" },
];

export const services: readonly Service[] = [
  { id: 41, slug: "full-groom", name: "Full groom", minutes: 90, needsApproval: false },
  { id: 42, slug: "bath-and-brush", name: "Bath and brush", minutes: 60, needsApproval: false },
  {
    id: 43,
    slug: "puppy-first-visit",
    name: "Puppy's first visit",
    minutes: 45,
    needsApproval: true,
  },
  { id: 44, slug: "hand-stripping", name: "Hand stripping", minutes: 75, needsApproval: true },
  { id: 45, slug: "nail-trim", name: "Nail trim", minutes: 30, needsApproval: false },
];

const owner = (
  name: string,
  locale: "sv" | "da" | "pl" | "en",
  phone: string,
  pet: string,
  breed: string,
): PetOwner => ({ name, email: addressOf(name), phone, locale, pet, breed });

/** Letters that do not come apart into a plain one and an accent. */
const plainLetters: Readonly<Record<string, string>> = { ø: "o", æ: "ae", ł: "l", å: "a" };

function addressOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[øæłå]/g, (letter) => plainLetters[letter] ?? letter)
    .normalize("NFD")
    .replaceAll(/[^a-z ]/g, "");
  return `${plain.replaceAll(" ", ".")}@example.com`;
}

/** The numbers are from ranges that are kept free for fiction or are not in use. */
export const petOwners: readonly PetOwner[] = [
  owner("Anna Bergström", "sv", "+46701740605", "Bosse", "Cocker spaniel"),
  owner("Oskar Nyström", "sv", "+46701740606", "Sigge", "Schnauzer"),
  owner("Maja Sjöberg", "sv", "+46701740607", "Lovis", "Lagotto"),
  owner("Linnéa Åkesson", "sv", "+46701740608", "Doris", "Pug"),
  owner("Gustav Ekman", "sv", "+46701740609", "Ronja", "Border collie"),
  owner("Astrid Wallin", "sv", "+46701740610", "Kasper", "Norwegian forest cat"),
  owner("Hugo Lundgren", "sv", "+46701740611", "Tuffsen", "Pomeranian"),
  owner("Ebba Hedlund", "sv", "+46701740612", "Saga", "Samoyed"),
  owner("Mikkel Sørensen", "da", "+4520000001", "Futte", "Bichon frisé"),
  owner("Signe Kjær", "da", "+4520000002", "Balder", "Leonberger"),
  owner("Rasmus Østergaard", "da", "+4520000003", "Plet", "Dalmatian"),
  owner("Ida Mortensen", "da", "+4520000004", "Luna", "Shih tzu"),
  owner("Emil Bjerregaard", "da", "+4520000005", "Viggo", "Wire fox terrier"),
  owner("Katarzyna Wójcik", "pl", "+48500000001", "Burek", "Crossbreed"),
  owner("Tomasz Łukasik", "pl", "+48500000002", "Figa", "Maltese"),
  owner("Agnieszka Dąbrowska", "pl", "+48500000003", "Reksio", "Jack Russell"),
  owner("Paweł Sikora", "pl", "+48500000004", "Śnieżka", "West Highland terrier"),
  owner("Zofia Krawczyk", "pl", "+48500000005", "Mruczek", "Persian cat"),
  owner("Grace Whitfield", "en", "+447700900001", "Biscuit", "Golden retriever"),
  owner("Oliver Pemberton", "en", "+447700900002", "Monty", "Miniature poodle"),
  owner("Amelia Hargreaves", "en", "+447700900003", "Poppy", "Cockapoo"),
  owner("Jack Thornbury", "en", "+447700900004", "Rusty", "Irish setter"),
  owner("Isla Cavendish", "en", "+447700900005", "Pickle", "Yorkshire terrier"),
  owner("Samuel Okafor", "en", "+447700900006", "Waffles", "Old English sheepdog"),
];

export const remarks: readonly (string | null)[] = [
  null,
  null,
  null,
  "A little shy with the dryer.",
  "Please leave the tail long.",
  "Sensitive skin: the mild shampoo, please.",
  "Loves treats, hates baths.",
  "First time after the winter, lots of undercoat.",
];

export const cancellationReasons: readonly string[] = [
  "The dog is ill.",
  "Stuck at work.",
  "We are away that day after all.",
  "Booked by mistake.",
];

export const rejectionReasons: readonly string[] = [
  "We are fully booked that week.",
  "Please call us first about the coat.",
];
