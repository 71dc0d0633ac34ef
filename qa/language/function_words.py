"""Words that tell French from English: the closed classes, and the common words of questions.

A list holds words of one language that the other lacks. Spellings that both use (``comment``
aside, such as ``on``, ``or``, ``pour``, ``son``, ``date``) are left out, and what is shared with
names or with other languages stands among the weak words.
French words carry their accents here; readers accept them without, too.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a list written as prose."""
    return frozenset(text.split())


# The word that opens a question names its language: what follows may be a title or a quotation.
FRENCH_OPENERS = words("""
    qui que quoi quel quelle quels quelles quand combien pourquoi où lequel laquelle lesquels
    lesquelles duquel auquel auxquels desquels qu est sont était étaient existe faut peux pouvez
    puis dis dites donne donnes donner donnez cites citez citer nomme nommez nommer explique
    expliques expliquez expliquer décris décrivez décrire montre montrez montrer énumère énumérez
    énumérer indique indiquez résume résumez résumer liste listez lister parle parlez trouve trouvez
    trouver cherche cherchez comparez définis définissez pk pkoi koi
""")
ENGLISH_OPENERS = words("""
    who whom whose what when where why how which whats whos wheres hows is are was were do does did
    has have had can could would should must give list name show tell find explain describe
    summarise summarize define isnt arent wasnt doesnt didnt please identify enumerate
""")

FRENCH = words("""
    le les des du au aux une et est sont ce cet cette ces celui celle ceux celles ceci cela ça il
    elle ils elles je tu nous vous lui leur leurs moi toi soi eux se ne pas mon mes ses notre nos
    votre vos sa qui que quoi dont où quel quelle quels quelles quand combien pourquoi lequel
    laquelle lesquels lesquelles duquel desquels auquel auxquels auxquelles qu quiconque dans avec
    sans sous sur vers chez depuis pendant entre contre selon malgré parmi hors dès jusque jusqu
    afin lors lorsque lorsqu puisque puisqu quoique parce donc mais puis ensuite ainsi aussi alors
    après avant durant envers devant derrière dessous dessus dehors dedans auprès près loin autour
    environ grâce très trop peu beaucoup moins mieux assez tant autant presque plutôt surtout
    seulement notamment également toujours jamais souvent parfois encore déjà bientôt tard tôt hier
    aujourd'hui demain maintenant ici partout ailleurs oui ni aucun aucune chaque quelque quelques
    quelqu plusieurs certains certaines tout tous toute toutes autre autres même mêmes tel telle
    tels telles rien personne chacun chacune voici voilà suis êtes étais était étions étaient sera
    seront serait seraient serai sois soit soient fut furent été étant être avons avez ont avait
    avaient avais aura auront aurait auraient eu eut eurent ayant avoir fait faisait faire fais
    faites faite faits fera ferait peut peux peuvent pouvez pouvait pourra pourrait pouvoir pu doit
    dois doivent devez devait devra devrait devoir dû veut veux veulent voulez voulait voudrait
    vouloir va vont aller allait ira sait sais savez savoir faut fallait faudra vient viennent venir
    venu vit vivent vivait vivre tient tiennent tenir mettre dit disent dire dites prend prennent
    prendre pris prise voit voir vu vue voient donne donnes donner donnez donné montre montrez nomme
    nommez explique expliquez parle parlent parler trouve trouvent trouver trouvé appelle appellent
    appelé appelée sert servent servir signifie signifient existe existent utilise utilisent
    utiliser utilisé permet permettent travaille travaillent dirige dirigent dirigé possède
    possèdent produit comprend devient deviennent devenu devenue naît né née nés mort morts morte
    décédé écrit écrite fondé fondée créé créée nommé nommée situé située élu élue tué joué peint
    inventé découvert gagné construit ouvert appartient reçu obtenu signé cest jai ya pk pkoi koi
    kel kelle svp stp deux trois quatre cinq sept huit neuf onze douze quinze vingt trente mille
    premier première deuxième dernier dernière prochain prochaine comment là réalisé longtemps
    pourtant cependant néanmoins toutefois davantage vraiment enfin sinon quant
""")
ENGLISH = words("""
    the of and to in is was were are be been being am this that these those it its itself he she
    they them their theirs him his her hers himself herself themselves we us our ours you your yours
    my myself yourself who whom whose what when where why how which whatever whoever whenever has
    have had having do does did doing done can cannot could will would shall should may might must
    ought with by at from for into onto upon about above across against along among around before
    behind below beneath beside besides between beyond down during except inside like near off
    outside over since through throughout till toward towards under underneath until up within
    without there here than then though although because unless whether while whereas therefore
    however thus hence yet so if not nor neither either else all any anyone anything anybody each
    every everyone everything few less least many more most much nobody nothing one others another
    own same several some someone something such both enough too very just only also almost already
    always ever never often once soon still again after today tomorrow yesterday now later ago away
    back out other give gives gave given show shows shown tell tells told find finds found list
    lists name names named called call calls make makes made take takes took taken get gets got go
    goes went gone come comes came know knows knew known think say says said see sees saw seen want
    wants wanted need needs needed mean means meant use uses used work works worked live lives lived
    play plays played write writes wrote written born die died dies buried win wins won become
    becomes became begin began begun start starts started end ended hold held keep kept lead leads
    led leave left lose lost run ran sell sold send sent speak spoke spoken stand stood buy bought
    build built bring brought choose chosen draw drew eat fall fell feel felt fight fought fly flew
    grow grew hear heard help helps marry married owns spend spent teach taught understand
    understood explain explains describe please doesnt didnt isnt arent wasnt whats whos wheres hows
    thats cant wont im ive pls plz thx yes let lets last next first third two three five seven eight
    nine ten eleven twelve twenty thirty hundred thousand anyway quite despite rather perhaps maybe
    indeed ourselves really instead otherwise
""")

# Names, the other language or other languages use these too.
WEAK_FRENCH = words("""
    la de en y par ma te ta l d j n qu bien bon nom ou mari ville grand grande pays prix es
""")
WEAK_ENGLISH = words("""
    an as or but i no new old
""")

# Common words of the subjects that people ask about, where spelling alone does not tell.
FRENCH_COMMON = words("""
    bonjour bonsoir merci salut ans année années jour jours mois semaine heure heures matin soir
    nuit temps fois monde état états villes rue quartier royaume roi reine guerre paix loi lois
    droit droits impôt impôts coût coûts argent siège adresse lieu endroit noms prénom homme hommes
    femme femmes enfant enfants fils fille filles père mère frère sœur ami amis gens jeune jeunes
    vie santé maladie médecin hôpital école écoles élève élèves étudiant étudiants étudiante
    université chercheur chercheurs chercheuse recherche recherches savant connaissance
    apprentissage apprendre livre livres écrivain auteur auteure titre œuvre œuvres musique chanson
    peintre peinture jeu jeux joueur équipe entraîneur entreprise entreprises emploi emplois travail
    travailleur ouvrier métier directeur directrice présidente ministre député maire maison bâtiment
    immeuble chambre eau mer fleuve rivière lac montagne île îles terre ciel soleil lune étoile
    étoiles arbre fleur forêt bois feu pluie neige animaux oiseau chien cheval chevaux poisson vache
    rouge bleu bleue vert verte blanc blanche noir noire jaune grands grandes petit petite petits
    petites gros haut haute bas vieux vieille nouveau nouvelle nouveaux nouvelles ancien ancienne
    beau belle meilleur meilleure meilleurs mauvais lourd longue hauteur longueur poids taille
    nombre chiffre moyen moyenne moyens bourse bourses partenaire partenaires partenariat
    partenariats réseau réseaux logiciel logiciels ordinateur ordinateurs données donnée outil
    outils calcul étude études projet projets rapport rapports objectif objectifs domaine domaines
    défi défis enjeu enjeux besoin besoins avis conseil conseils soutien appui aide aides appel
    appels demande demandes dossier annonce annonces communiqué événement événements évènement
    prévisions atelier cours horaire horaires tarif tarifs frais dépense dépenses financement
    subvention subventions investissement investissements marché marchés banque gouvernement
    fédérale provinciale québécois québécoise canadien canadienne français française françaises
    anglais anglaise allemand allemande espagnol américain américaine européen européenne mondial
    mondiale nationaux nationale régionale scientifique scientifiques numérique numériques
    artificielle artificiel souveraineté éthique responsable responsables choses façon manière
    raison raisons sens lien liens carte cartes feuille voiture avion bateau gare chemin parti voix
    capitale capitales drapeau langue langues mot mots lettre lettres cœur tête œil yeux sang vin
    bière lait viande fromage règle règles règlement échelle étape étapes mesure mesures avantage
    avantages contrat ouverture fermeture lancement naissance décès mariage anniversaire courriel
    logement loyer retraite chômage carrière poste postes équipement moteur vitesse puissance
    énergie lumière chaleur pétrole charbon stratégie politique politiques citoyen citoyens société
    sociétés croissance économie économique un climat climatique climatiques changement changements
    supercalculateur adresses découverte médicament médicaments aliment pied pieds alcool public
    publics trafic gars
""")
ENGLISH_COMMON = words("""
    hello hi thanks thank year years day days month months week century hour hours morning evening
    night time times world country countries state states city cities town street county kingdom
    king queen war peace law laws tax cost costs money headquarters headquarter address man men
    woman women child children daughter father mother brother sister wife husband friend friends
    people youth life health disease doctor nurse school schools student students university college
    researcher researchers research scholar scholarship scholarships knowledge learning book books
    writer author authors title movie movies song songs painter painting game games player players
    team company companies job jobs worker workers employee employees head chairman chairwoman mayor
    senator house building room water sea ocean river lake mountain mountains island islands earth
    sky sun moon tree flower forest wood fire wind rain snow bird birds dog dogs horse fish cow red
    blue green white black yellow brown big small high higher highest low tall tallest longest good
    better best bad worst biggest largest oldest youngest height length weight size number numbers
    average amount fund funds funding grant grants partner partners partnership partnerships
    networks computer computers data tool tools computing supercomputer study studies project
    projects report reports goal goals field fields challenge challenges advice news release event
    events internship internships training schedule fee fees spending investment investments market
    markets bank government canadian english french german spanish american european worldwide
    scientific director directors digital artificial sovereignty ethics accountable thing things way
    ways reason reasons meaning link links card map sheet plane flight ship boat road path party
    election elections flag language languages word words letter letters heart hand eye eyes blood
    wine beer milk meat cheese bread rule rules regulation scale step steps measures benefit
    benefits agreement agreements opening closing launch birth death wedding birthday summary phone
    insurance housing rent retirement unemployment career engine speed power energy light heat oil
    coal gold silver strategy policy policies citizen citizens society growth economy economics area
    chief founder founders owner currency nickname website developed designed founded released
    directed produced created discovered invented painted located killed elected climate
    supercomputers discovery drug drugs food safety price prices voice voices agree degree degrees
    coffee trees movement requirement requirements achievement improvement soldier soldiers believe
    noise refugee refugees guidance glasses outcome juice argue responsible committee metres
    announcement settlement
""")
# The accent alone tells these from the English words.
FRENCH_ACCENTED = words("""
    à définition éducation création évaluation régulation sélection présentation préparation
    élection général présent président différence référence préférence résident intégration
    opération génération libération fédération décision révision précision télévision médical métal
    évolution révolution résolution émission détection prédiction réaction déclaration équation
    économies répétition réception négociation crédit débat déficit dépôt détail hôtel musée théâtre
    système problème méthode thème modèle numéro résultat sécurité éditeur étranger intérêt océan
    planète siècle rôle série mémoire vidéo résumé fédéral cinéma téléphone âge début élections
    régional région pièce pièces conférence conférences énergies élément éléments
""")
# Before the word that opens a question.
LEAD_INS = words("""
    à a de d' dans en pour par avec sur sous chez depuis jusqu' vers selon contre et mais alors donc
    y bonjour salut merci s'il in on at to from for by with of about since until under and but so
    hello hi please well
""")
# Between two names they belong to a longer name: Game of Thrones, Tour de France.
CONNECTIVES = words("of the and in for on to de du des la le les et à au aux d' l'")
# Both languages borrow these, so their spelling says nothing.
LOANWORDS = words("""
    ok web internet email hockey football rugby tennis golf jazz rock week-end weekend parking
    shopping marketing blog wiki podcast smartphone chatbot robot robots software hardware cloud
    startup startups design designer manager leader leaders business coach star stars test tests
    stock kilo sandwich ticket tickets club clubs record records whisky kiwi ski yoga zoo hashtag
    tweet tweets national provincial element elements
""")
# English and French for the same thing: they count beside another word only.
FRENCH_ACRONYMS = words("""
    ia onu otan ue pib tva adn oms ong sida ovni ocde
""")
ENGLISH_ACRONYMS = words("""
    ai nato eu gdp vat dna ngo ufo oecd imf
""")

# Function words of neighbouring languages: they speak against both French and English.
FOREIGN = words("""
    el los las del con por para una uno unos unas como más pero sus estos estas ese eso qué quién
    quiénes quien quienes cómo dónde donde cuándo cuando cuál cuáles cuánto cuántos cuántas muy
    también están ser hasta desde sobre sin nuestro lo según fue hay der das und ist nicht ein eine
    einen einem einer eines dem mit von zu zur zum auf für aus bei nach über wie wer wo wann warum
    welche welcher welches sind wird wurde werden haben auch sich oder aber nur noch durch vor ich
    wir ihr gli di che della dello delle degli dei nel nella nelle sono è era perché chi cosa dove
    quando quale quali quanto quanti anche più alla dalla sulla questo questa essere da no nos um
    uma não em ao são foi mais também pelo pela quem onde qual quais seu sua você do as per il het
    een van zijn wordt voor niet wat waar wanneer waarom welke hoe aan bij naar ook maar deze dit
    dat op och att det som på är av inte ett med til og ikke er jeg hvad hvem hvor și este sunt nu
    din nie się jest że kto gdzie els amb dels és pel quina quin què
    wij hadden zij haar hun ons geen veel hij
""") - (FRENCH | ENGLISH | WEAK_FRENCH | WEAK_ENGLISH | words("hay sin sobre per no nos pour"))
