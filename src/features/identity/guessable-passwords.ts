// What guessers try first. Written by hand and kept short: words that lists of leaked passwords begin with, in English and
// Indonesian, times the endings that people add, and whole passwords that no such rule makes.

const words = `
  password passw0rd p@ssword p@ssw0rd pass pwd admin administrator root user guest test testing login welcome letmein
  master superman batman spiderman pokemon starwars matrix dragon monkey tiger lion eagle falcon shadow sunshine moonlight
  princess prince queen king angel devil heaven love iloveyou lovely lover baby babygirl honey sweet sugar cookie chocolate
  banana orange apple cherry flower summer winter autumn spring monday friday sunday january december football baseball
  basketball soccer hockey tennis golf liverpool arsenal chelsea barcelona madrid juventus manchester united michael
  jordan jessica ashley nicole jennifer michelle daniel andrew robert thomas charlie george william david joshua matthew
  anthony samantha amanda hannah hello hallo qwerty qwertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx abc abcd abcdef
  computer internet network router modem wifi hotspot mikrotik server system support service office company secret
  private access default changeme change temp temporary demo sample killer hunter ranger soldier warrior ninja samurai
  freedom whatever trustno1 nothing something forever together friends family mother father brother sister mustang
  corvette ferrari porsche mercedes yamaha honda toyota harley diamond silver golden purple yellow black white
  rahasia sayang cinta cintaku sayangku kamu aku bismillah alhamdulillah assalamualaikum allah muhammad indonesia
  jakarta bandung surabaya semarang medan bali merdeka garuda persib persija arema ganteng cantik keren mantap
  sukses bahagia keluarga anakku mamaku papaku ibuku bapak ibu rumah sekolah kampus kantor pelanggan operator teknisi
  jembatan erpnext radius inventree postgres mysql redis oracle linux ubuntu debian windows google facebook instagram
`
  .trim()
  .split(/\s+/);

const endings =
  '0 00 01 1 11 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 2 21 22 3 321 7 69 77 88 99 007 111 2000 2010 2015 2018 2019 2020 2021 2022 2023 2024 2025 2026'.split(
    ' ',
  );

const whole = `
  12345678 123456789 1234567890 0123456789 01234567 012345678 87654321 987654321 9876543210 0987654321 11111111
  111111111 1111111111 00000000 000000000 0000000000 22222222 33333333 44444444 55555555 66666666 77777777 88888888
  888888888 99999999 999999999 12121212 13131313 10101010 21212121 11223344 1122334455 112233445566 12341234 12344321
  123123123 123321123 321321321 147258369 159753456 159357258 123654789 147852369 741852963 789456123 456789123 13579246
  1357924680 24681357 2468101214 31415926 314159265 20202020 19191919 123abc456 abc123456 a1234567 a12345678 a123456789
  1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 2wsx3edc q1w2e3r4 q1w2e3r4t5 zaq12wsx zaq1xsw2
  zaq1zaq1 qazwsxedc qweasdzxc qweasd123 qwe123456 qwer1234 qwert123 qwerty12 asdf1234 asdasdasd asd123456 zxc123456
  zxcv1234 zxcvbnm123 poiuytrewq lkjhgfdsa mnbvcxz1 abcdefgh abcdefghi abcdefghij abcd1234 abcd12345 aabbccdd aaaaaaaa
  aaaaaaaaa aaaaaaaaaa xxxxxxxx qqqqqqqq zzzzzzzz asdfasdf qwerqwer testtest passpass adminadmin useruser rootroot
  password password! passwordpassword letmeinplease iloveyou2 iloveyou1 ilovegod ilovejesus blink182 metallica nirvana1
  slipknot greenday eminem50 hellokitty mickeymouse tinkerbell snoopy12 scooby12 garfield pikachu1 minecraft fortnite
  playstation nintendo counterstrike warcraft starcraft valorant mobilelegends freefire gundam00 naruto123 onepiece
  dragonball startrek startrek1 gandalf1 aragorn1 voldemort harrypotter butterfly sunflower rainbow1 midnight
  november september february blessed1 jesus123 jesuschrist godisgood faithful hallelujah trustme1 fuckyou1 fuckyou2
  fuckoff1 asshole1 bullshit pussycat bigdaddy football1 baseball1 babygirl1 princess1 superstar superman1 batman123
  michael1 jordan23 jennifer jessica1 elizabeth alexander alexandra christian christina christopher nicholas benjamin
  jonathan victoria veronica stephanie samantha1 cristiano ronaldo7 messi123 neymar10 changeme changeme1 changeme123
  default1 computer internet welcome1 welcome123 letmein1 letmein123 trustno1 whatever1 security secret123 access14
  sekolahku sayangkamu akucintakamu akusayangkamu cintakamu kamucinta bismillah1 bissmillah subhanallah indonesiaraya
  garudaindonesia rahasiaku sandisandi katasandi katasandi1 passwordku inipassword tidaktahu terserah gantengbanget
  cantikbanget anaksoleh surgaku jakarta1 bandung1 nusantara pancasila merdeka45 17081945 mikrotik admin1234
`
  .trim()
  .split(/\s+/);

/** Shorter ones are refused for that alone. */
const shortest = 8;

const guessable: ReadonlySet<string> = new Set(
  [
    ...whole,
    ...words,
    ...words.map((word) => `${word}${word}`),
    ...words.flatMap((word) => endings.map((ending) => `${word}${ending}`)),
  ].filter((password) => password.length >= shortest),
);

/** How many there are. */
export const guessablePasswords = guessable.size;

/** Whether a guesser would have it among the first few thousand, in whatever case it is written (SEC-9). */
export const isGuessable = (password: string): boolean => guessable.has(password.toLowerCase());
