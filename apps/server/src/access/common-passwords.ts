/**
 * What people choose first, in lower case and without the digits and signs that they add: the
 * words behind the head of the published lists of leaked passwords, by kind.
 */
const words = `
password passwort passwd pass wachtwoord lozenord losenord salasana parola contrasena senha
motdepasse haslo heslo kodeord adgangskode passord geslo sifre
admin administrator root user guest test testing tester demo owner manager login welcome
willkommen bienvenue bienvenido benvenuto valkommen hello hallo secret geheim letmein letmeinnow
changeme changethis default master access access granted temporary temp internet computer server
service support office company system database security please nopassword mypassword
password password newpassword oldpassword thepassword passwordpassword
qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdfghjkl asdfgh zxcvbnm yxcvbnm qazwsx
qazwsxedc zaqxsw wsxedc asdfjkl poiuytrewq lkjhgfdsa mnbvcxz
iloveyou loveyou lovely love lover loveme ilovegod ichliebedich teamo tequiero jetaime
sunshine princess princesa dragon monkey football baseball basketball hockey soccer fussball
futbol superman batman spiderman pokemon starwars startrek matrix trustno shadow michael jordan
jennifer jessica ashley nicole daniel thomas andrew charlie george michelle hannah robert matthew
joshua anthony samantha alexander alexandra andrea christian patrick stephanie elizabeth victoria
summer winter spring autumn sommer herbst monday friday january february march april august
september october november december januar
ferrari porsche mercedes corvette mustang harley yamaha honda toyota
arsenal chelsea liverpool barcelona realmadrid juventus bayern manchester manunited
cookie chocolate cheese pepper ginger banana orange apple cherry flower flowers rainbow butterfly
angel angels heaven jesus christ blessed freedom forever friends family mother father brother
sister daddy mommy babygirl babyboy baby sweetie honey darling precious beautiful gorgeous
whatever nothing something somebody abracadabra opensesame correcthorsebatterystaple
killer hunter ranger soldier thunder lightning phoenix falcon eagle tiger lion panther dolphin
buster bailey maggie tigger snoopy garfield mickey mickeymouse donald
google facebook youtube instagram twitter linkedin microsoft windows android iphone samsung apple
netflix spotify amazon paypal playstation nintendo minecraft fortnite
booking bookings bookingsystem calendar salon barber barbershop hairdresser hairsalon beauty
grooming groomer appointment appointments schedule slotwire reservation
blink spiderman ninja samurai wizard merlin gandalf zelda mario pikachu naruto
diamond silver golden gold platinum crystal money dollar millionaire rich
london paris berlin madrid roma stockholm amsterdam newyork america england france germany
deutschland espana italia sverige nederland polska
`;

/** The words that a password must not consist of. */
export const commonWords: ReadonlySet<string> = new Set(words.split(/\s+/).filter(Boolean));
